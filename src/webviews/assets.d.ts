/** What the bundler turns into files beside the scripts. */
declare module '*.css';
