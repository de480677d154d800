/** Made by the bundler (scripts/build/bundles.ts): imports every `*.test.ts` of this folder. */
declare module 'all-host-tests';
