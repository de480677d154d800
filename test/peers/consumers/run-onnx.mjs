// Runs exported ONNX models with onnxruntime-node, found in the folder that is the first argument. Reads jobs from
// standard input, [{folder, image, shape, out}, …], as run_exports.py does, and prints the shapes of the results.
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';

const ort = createRequire(join(process.argv[2], 'package.json'))('onnxruntime-node');
const shapes = [];
for (const { folder, image, shape, out } of await json(process.stdin)) {
  const session = await ort.InferenceSession.create(join(folder, 'model.onnx'));
  const [height, width] = shape;
  const file = await readFile(image);
  const pixels = new Float32Array(file.buffer, file.byteOffset, file.length / 4);
  const planes = new Float32Array(pixels.length);
  for (let i = 0; i < pixels.length; i++) planes[(i % 3) * height * width + Math.floor(i / 3)] = pixels[i];
  const input = new ort.Tensor('float32', planes, [1, 3, height, width]);
  const { result } = await session.run({ image: input });
  const [, channels, rows = 1, columns = 1] = result.dims;
  const flat = result.dims.length === 2;
  const values = new Float32Array(result.data.length);
  const size = rows * columns;
  for (let i = 0; i < values.length; i++) {
    values[i] = result.data[(i % channels) * size + Math.floor(i / channels)];
  }
  await writeFile(out, Buffer.from(values.buffer));
  shapes.push(flat ? [channels] : [rows, columns, channels]);
}
console.log(JSON.stringify({ shapes }));
