/**
 * Imported before uPlot, which at its import makes a number format for `navigator.language`. On systems without a locale
 * (LANG=C) Chromium gives a name there that is no language tag, and the whole page would fail.
 */

try {
  Intl.getCanonicalLocales(navigator.language);
} catch {
  Object.defineProperty(navigator, 'language', { value: 'en', configurable: true });
}
