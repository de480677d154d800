/** Which colour stands for which local SSIM. */
export function SimilarityLegend() {
  return (
    <span
      class="similarity-legend"
      role="img"
      aria-label="Colours of local SSIM: from 0 and below, not alike, to 1, equal"
      title="Local SSIM of Wang et al. 2004, in a window of 11×11 pixels about each place"
    >
      <span aria-hidden="true">≤ 0</span>
      <span class="similarity-ramp" />
      <span aria-hidden="true">1, equal</span>
    </span>
  );
}
