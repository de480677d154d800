/** Scores of two pictures, whole and on one thread, as a protocol has them. */
import type { Plane } from './colour';
import type { RgbImage } from './image';
import { cropBorder } from './metrics';
import { rowsOfPlanes } from './pair-rows';
import type { ColourProtocol, ProtocolScores } from './protocols';
import { sumBand } from './scale-sums';
import { comparedOf, scalesFor, scoresOf, scoresOfPlane, scoringParts, sumPart } from './scoring-parts';
import { requireRoom } from './ssim';

/**
 * Scores SR against HR, 8-bit images of equal size, leaving out `border` pixels at each side. Throws a `RangeError` if the
 * sizes differ or fewer than 11 pixels remain.
 */
export function scoreByProtocol(
  sr: RgbImage,
  hr: RgbImage,
  protocol: ColourProtocol,
  border: number,
): ProtocolScores {
  const compared = comparedOf(sr, hr, protocol, border);
  const parts = scoringParts(compared, 1).map((part) => sumPart(part, sr, hr, border));
  return scoresOf(compared, parts);
}

/** Scores planes that are given: Y of SR against Y of HR, both as the protocol has them. */
export function scoreLuma(sr: Plane, hr: Plane, border: number): ProtocolScores {
  const rows = rowsOfPlanes(cropBorder(sr, border), cropBorder(hr, border));
  requireRoom(rows);
  return scoresOfPlane(rows, [sumBand(rows, { from: 0, to: rows.height }, scalesFor(rows))]);
}
