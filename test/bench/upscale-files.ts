/** What contenders of the enlargement find in the folder of the bench. */

/** The generator's weights, as the lab names them. */
export const WEIGHTS = 'generator.safetensors';
/** RGB, 8 bits, row by row. */
export const PICTURE = 'picture.rgb';
