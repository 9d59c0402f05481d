import { type Dim, elements, type GraphBuilder, type Node, over, times } from '@rotokit/graph';
import type { VideoModelConfig } from './config.js';
import { gridOf, tokensPerFrame } from './config.js';
import { asBatch, asTokens, beside, EPS_DEFAULT, linear, norm, repeated } from './layers.js';
import { axialTurn, sinePlaces, type Turn } from './positions.js';

/** What is remembered of objects, as the tracker hands it over; that of one object behind that of the other, equally much of each. */
export interface Bank {
  readonly objects: number;
  /** One entry a remembered frame: [objects*frames, tokens of a frame, channels]. */
  readonly memory: Node;
  /** Row of the temporal table for each frame: its distance minus 1, the last row for prompted frames. [objects*frames], i64. */
  readonly memoryTimes: Node;
  /** [objects*pointers, hidden]. */
  readonly pointers: Node;
  /** Distance of each pointer in frames, divided by the largest that is used: [objects*pointers]. */
  readonly pointerTimes: Node;
}

/** The bank as keys and values of the cross-attention. */
interface BankTokens {
  readonly objects: number;
  /** With positions: [objects*frames*tokens, channels] and [objects*4*pointers, channels]. */
  readonly keys: Node;
  readonly pointerKeys: Node;
  /** Without: [objects*(frames*tokens + 4*pointers), channels]. */
  readonly values: Node;
  /** Of all objects. */
  readonly frames: Dim;
}

/** How queries and keys turn by their places in the picture. */
interface Turns {
  readonly queries: Turn;
  readonly keys: Turn;
}

/** Keys of a whole map turn as the queries do; the perceiver's global tokens have no place, its local ones that of their window. */
function turnsOf(g: GraphBuilder, c: VideoModelConfig): Turns {
  const queries = axialTurn(g, gridOf(c), c.hidden);
  const p = c.memory.perceiver;
  return { queries, keys: p ? axialTurn(g, p.grid, c.hidden, p.latents1d) : queries };
}

/** Where the tokens of one memory lie in the picture: [tokens of a frame, channels]. */
function memoryPlaces(g: GraphBuilder, c: VideoModelConfig): Node {
  const { channels, perceiver: p } = c.memory;
  if (!p) return sinePlaces(g, gridOf(c), channels);
  const nowhere = g.expand(g.constant(new Float32Array(1), [1, 1]), [p.latents1d, channels]);
  return g.concat([nowhere, sinePlaces(g, p.grid, channels)], 0);
}

/** Sine and cosine of a pointer's distance (one behind the other, not alternating), projected to the memory's width. */
function pointerPlaces(g: GraphBuilder, times: Node, c: VideoModelConfig): Node {
  const [n, half] = [times.type.shape[0]!, c.hidden / 2];
  const rate = Float32Array.from({ length: half }, (_, i) => 1 / 10000 ** ((2 * Math.floor(i / 2)) / half));
  const angles = g.mul(g.reshape(times, [n, 1]), g.constant(rate, [1, half]));
  const sine = g.concat([g.map('sin', angles), g.map('cos', angles)], 1); // [pointers, hidden]
  return linear(g, sine, 'temporal_positional_encoding_projection_layer', c.memory.channels);
}

function bankTokens(g: GraphBuilder, bank: Bank, c: VideoModelConfig): BankTokens {
  const { channels, slots, timesPointers } = c.memory;
  const [frames, n] = bank.memory.type.shape as readonly [Dim, number];
  const rows = g.weight('memory_temporal_positional_encoding', [slots, 1, 1, channels], [slots, 1, channels]);
  const place = g.add(memoryPlaces(g, c), g.gather(rows, bank.memoryTimes)); // [frames, n, channels]
  const flat = (x: Node) => g.reshape(x, [over(elements(x.type.shape), channels)!, channels]);
  const split = c.hidden / channels;
  const pointers = flat(bank.pointers);
  const count = bank.pointerTimes.type.shape[0]!;
  const repeated = () =>
    g.expand(g.reshape(pointerPlaces(g, bank.pointerTimes, c), [count, 1, channels]), [count, split, channels]);
  return {
    keys: flat(g.add(bank.memory, place)),
    pointerKeys: timesPointers ? g.add(pointers, flat(repeated())) : pointers,
    values: beside(g, g.reshape(bank.memory, [times(frames, n), channels]), pointers, bank.objects),
    frames,
    objects: bank.objects,
  };
}

/** The picture's tokens, each at its place, attend to each other. No memory is involved: the same for every object. */
function selfAttention(l: GraphBuilder, x: Node, { cos, sin }: Turn, c: VideoModelConfig, objects = 1): Node {
  const a = l.in('self_attn');
  const y = norm(l, x, 'layer_norm1', EPS_DEFAULT);
  const part = (name: string) => asBatch(a, linear(a, y, name, c.hidden), objects);
  const turned = (name: string) => a.rotary(part(name), cos, sin);
  const seen = a.attention(turned('q_proj'), turned('k_proj'), part('v_proj'), 1);
  return l.add(x, linear(a, asTokens(a, seen), 'o_proj', c.hidden));
}

function crossAttention(l: GraphBuilder, x: Node, bank: BankTokens, turns: Turns, c: VideoModelConfig): Node {
  const a = l.in('cross_attn_image');
  const { objects } = bank;
  const asked = asBatch(a, linear(a, norm(l, x, 'layer_norm2', EPS_DEFAULT), 'q_proj', c.hidden), objects);
  const query = a.rotary(asked, turns.queries.cos, turns.queries.sin);
  const w = a.weight('k_proj.weight', [c.hidden, c.memory.channels]);
  const key = (tokens: Node) => a.linear(tokens, w, a.weight('k_proj.bias', [c.hidden]));
  const perFrame = a.reshape(key(bank.keys), [bank.frames, tokensPerFrame(c), c.hidden]);
  const turned = a.reshape(a.rotary(perFrame, turns.keys.cos, turns.keys.sin), [bank.keys.type.shape[0]!, c.hidden]);
  const keys = beside(a, turned, key(bank.pointerKeys), objects); // pointers have no place in the picture
  const values = linear(a, bank.values, 'v_proj', c.hidden);
  const seen = a.attention(query, asBatch(a, keys, objects), asBatch(a, values, objects), 1);
  return l.add(x, linear(a, asTokens(a, seen), 'o_proj', c.hidden));
}

function feedForward(l: GraphBuilder, x: Node, c: VideoModelConfig): Node {
  const [first, second] = c.attention.mlpNames;
  const y = l.map('relu', linear(l, norm(l, x, 'layer_norm3', EPS_DEFAULT), first, c.attention.mlp));
  return l.tap('', l.add(x, linear(l, y, second, c.hidden)));
}

/**
 * The part of memory attention that sees the picture alone: positions and the first layer's self-attention.
 * [grid², hidden] → [grid², hidden]. Once a frame, whatever the number of objects.
 */
export function orient(g: GraphBuilder, features: Node, c: VideoModelConfig): Node {
  const place = sinePlaces(g, gridOf(c), c.hidden, 0.1);
  const turn = axialTurn(g, gridOf(c), c.hidden);
  return selfAttention(g.in('memory_attention.layers.0'), g.add(features, place), turn, c);
}

/**
 * Memory attention (`memory_attention`) from `orient`'s result on: [grid², hidden] → [objects*grid², hidden], the features as the bank of
 * each object lets them be seen. Rotary positions along both axes of the picture; norms stand in front.
 */
export function memoryAttention(g: GraphBuilder, oriented: Node, bank: Bank, c: VideoModelConfig): Node {
  const tokens = bankTokens(g, bank, c);
  const turns = turnsOf(g, c);
  const m = g.in('memory_attention');
  const { objects } = bank;
  let x = repeated(g, oriented, objects);
  for (let i = 0; i < c.attention.layers; i++) {
    const l = m.in(`layers.${i}`);
    const own = i === 0 ? x : selfAttention(l, x, turns.queries, c, objects);
    x = feedForward(l, crossAttention(l, own, tokens, turns, c), c); // [grid², hidden]
  }
  return norm(m, x, 'layer_norm', EPS_DEFAULT);
}
