/** A graph that may not be: the message names the place in the model, the operation, its sources and the broken rule. */
export class GraphError extends TypeError {
  override readonly name = 'GraphError';
  /** Scope of the model in which the node was made, or the nearest tap: `vision_encoder.backbone.blocks.3.attn`. */
  readonly where: string;

  constructor(where: string, what: string, rule: string) {
    super(`${where || 'graph'}: ${what}: ${rule}`);
    this.where = where;
  }
}
