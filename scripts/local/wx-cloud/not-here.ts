/** What `wx.cloud` has on a phone and not here: each call fails with its name, and with what to do instead. */

import { api, WxError } from './api.ts';

export const NOT_HERE = {
  'collection.aggregate': 'aggregate in a function, and call that',
  'collection.watch': 'there are no realtime watchers: read again instead',
  'document.watch': 'there are no realtime watchers: read again instead',
  'database.startTransaction': 'functions have transactions, a mini program has none',
  'database.runTransaction': 'functions have transactions, a mini program has none',
  'cloud.callContainer': 'there is no cloud hosting (云托管)',
  'cloud.connectContainer': 'there is no cloud hosting (云托管)',
  'cloud.CloudID': 'ask for it in a function, with cloud.getOpenData',
  'cloud.CDN': 'upload the data with uploadFile',
} as const;

type Name = keyof typeof NOT_HERE;

/** Of one that answers with a promise or callbacks. */
export function refusing(name: Name) {
  const refuse = api(name, () => Promise.reject(new Error(reasonOf(name))));
  return (options: object = {}) => refuse(options);
}

/** Of one that gives back something to go on with. */
export const throwing = (name: Name) => (): never => {
  throw errorOf(name);
};

/** A watcher hears of its trouble from `onError`. */
export const watching =
  (name: Name) =>
  ({ onError }: { onError?(error: WxError): void } = {}) => {
    if (onError === undefined) throw errorOf(name);
    void Promise.resolve(errorOf(name)).then(onError);
    return { close: () => Promise.resolve() };
  };

function errorOf(name: Name): WxError {
  return new WxError(`${name}:fail -1 ${reasonOf(name)}`);
}

function reasonOf(name: Name): string {
  return `not in the embedded cloud: ${NOT_HERE[name]}`;
}
