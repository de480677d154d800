/** The TensorFlow that tests may use: one that `SRGAN_LAB_TEST_TENSORFLOW` names, or what is found as for a person. */
import type { Context } from 'mocha';
import { findTensorFlow, searchOptions } from '../../../../src/training/engines/native/find-tensorflow';

/** Path of the library. Skips the running test or hook, with the reason, where there is none. */
export async function realTensorFlow(test: Context): Promise<string> {
  const setting = process.env['SRGAN_LAB_TEST_TENSORFLOW'];
  const found = await findTensorFlow({ ...searchOptions(), ...(setting !== undefined && { setting }) });
  const library = found.find((each) => each.library !== undefined)?.library;
  if (library !== undefined) return library;
  console.log('      (skipped: no TensorFlow on this machine; srgan-lab engine setup installs one)');
  return test.skip();
}
