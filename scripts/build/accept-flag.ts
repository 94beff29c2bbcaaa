/** The flag of `npm run build` that records the sizes of the bundles, which a refusal names. */

export const ACCEPT_FLAG = 'accept-sizes';
