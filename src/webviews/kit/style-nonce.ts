/**
 * Imported before the toolkit, which at its import tries out `:focus-visible` with a style element and asks a `<meta>` for
 * the nonce of that element. Without one the policy refuses the element, and every click would draw a focus ring.
 */

const nonce = document.querySelector<HTMLScriptElement>('script[nonce]')?.nonce;
if (nonce !== undefined) {
  const known = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]');
  const meta = known ?? document.createElement('meta');
  meta.setAttribute('property', 'csp-nonce');
  meta.content = nonce;
  if (!known) document.head.append(meta);
}
