/**
 * A process that compiles the tiles by V8's optimising compiler and checks their products: what V8 tells of it, on standard
 * output, and the exit code are the answer. `trial.ts` starts it.
 */
import { encodeTiles, wrongProducts } from './check-products';
import { WRONG_PRODUCTS } from './trial';

const relaxed = process.argv[2] === 'relaxed';
const wrong = wrongProducts(new WebAssembly.Module(encodeTiles({ relaxed, wide: true })));
if (wrong !== undefined) {
  console.error(wrong);
  process.exitCode = WRONG_PRODUCTS;
}
