/** Turns evidence maps into a probability per pixel, and says how its answer is to be cut. */
export interface Fuser {
  /** Part of an engine's provenance: name and digest of the weights. */
  readonly name: string;
  /** Weight of smoothness in the first cut. The surer the fuser, the smaller. */
  readonly lambda: number;
  /**
   * Pixels between the band and this distance from the warped outline join the cut where the fuser disagrees with the
   * warped mask or is unsure; 0 = the band only.
   */
  readonly reach: number;
  /**
   * Probability of the object for each pixel of the region, meaningful at least in the band. `maps` holds the planes of
   * `MAP`; `band` is 1 in the band. The result may be overwritten by the next call.
   */
  probability(maps: Float32Array, width: number, height: number, band: Uint8Array): Float32Array;
}
