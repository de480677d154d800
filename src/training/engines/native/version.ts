/** Which versions of TensorFlow the native engine takes. */

/** The oldest TensorFlow whose functions and operations the lab uses. */
const OLDEST = [2, 15] as const;

/** Why a TensorFlow of this version cannot be used; undefined where it can. */
export function problemOfVersion(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return undefined;
  return `TensorFlow ${version} is too old; ${OLDEST.join('.')} or newer is needed. Update it: pip install --upgrade tensorflow.`;
}
