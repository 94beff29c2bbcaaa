/**
 * A stand-in for jweixin.js: asks the sandbox what WeChat's client would ask its server, and calls back in the order of
 * jweixin 1.6.0 (read 2026-11-29): `error` after a refusal, then every `ready`, after a refusal as well.
 */

(() => {
  let isDone = false;
  let refused = null;
  let onError = null;
  let onReady = [];

  function finish({ errcode, errmsg }) {
    isDone = true;
    const answer = { errMsg: `config:${errmsg}` };
    if (errcode !== 0) {
      if (onError) onError(answer);
      else refused = answer;
    }
    for (const call of onReady.splice(0)) call();
  }

  window.wx = {
    config({ appId, timestamp, nonceStr, signature }) {
      const body = JSON.stringify({ appid: appId, url: location.href, timestamp, nonceStr, signature });
      void fetch('/verify', { method: 'POST', body }).then(async (response) => finish(await response.json()));
    },
    ready: (call) => void (isDone ? call() : onReady.push(call)),
    error: (call) => void (refused ? call(refused) : (onError = call)),
  };
})();
