import { scriptedEngine } from '@rotokit/core/fakes';
import { planTracking, type TrackPlan } from '@rotokit/core/tracking';
import { frameRange } from '@rotokit/core/values';
import { describe, expect, it } from 'vitest';
import { at, DOG, disc, HERO, Shot } from './support/shot.js';

const engine = scriptedEngine();
const mask = (n: number) => disc(20 + n, 30, 8);
const stale = (plan: TrackPlan) =>
  plan.stale.map((s) => `${s.object} ${s.left?.frame ?? ''}-${s.right?.frame ?? ''} ${s.missing.size}`);
/** Marks everything of a plan as done. */
const settle = (shot: Shot, plan: TrackPlan) => {
  for (const span of plan.stale)
    for (const frame of span.missing)
      shot.done.set(`${span.object}/${frame}`, {
        ...{ object: span.object, frame, mask: mask(0), signals: { score: 1, state: 'tracked' } },
        ...{ confidence: { value: 1, doubts: [] }, span },
      });
};

describe('planning what is to be tracked', () => {
  it('goes backwards from the first anchor, both ways between neighbours and forwards from the last', () => {
    const plan = new Shot(10).anchor(HERO, 7, mask(1)).anchor(HERO, 2, mask(2)).plan(engine);
    expect(stale(plan)).toEqual(['hero -2 2', 'hero 2-7 4', 'hero 7- 2']);
    expect(plan.steps.map((s) => [s.forwardTo, s.backwardTo])).toEqual([
      [undefined, at(0)],
      [at(6), at(3)],
      [at(9), undefined],
    ]);
    expect(plan).toMatchObject({ frames: 8, walked: 2 + 4 + 4 + 2 });
  });

  it('walks objects together where their anchors lie on the same frames, and alone otherwise', () => {
    const shot = new Shot(10).anchor(HERO, 0, mask(1)).anchor(DOG, 0, mask(2)).anchor(DOG, 6, mask(3));
    expect(shot.plan(engine).steps.map((s) => s.spans.map((p) => p.object))).toEqual([[DOG], [HERO], [DOG]]);
    const together = new Shot(10).anchor(HERO, 4, mask(1)).anchor(DOG, 4, mask(2)).plan(engine);
    expect(together.steps.map((s) => s.spans.map((p) => p.object))).toEqual([
      [DOG, HERO],
      [DOG, HERO],
    ]);
    expect(together.walked).toBe(9);
  });

  it('does not depend on the order of objects and anchors', () => {
    const shot = new Shot(10).anchor(HERO, 7, mask(1)).anchor(HERO, 2, mask(2)).anchor(DOG, 2, mask(3));
    const request = shot.request(engine);
    const turned = request.objects.map((o) => ({ ...o, anchors: [...o.anchors].reverse() })).reverse();
    expect(planTracking({ ...request, objects: turned })).toEqual(planTracking(request));
  });

  it('has nothing to do when everything is there', () => {
    const shot = new Shot(10).anchor(HERO, 3, mask(1));
    settle(shot, shot.plan(engine));
    expect(shot.plan(engine)).toMatchObject({ steps: [], stale: [], frames: 0, walked: 0 });
    expect(shot.plan(engine).current).toHaveLength(2);
  });

  it('re-tracks exactly the spans next to an edit, of that object only', () => {
    const shot = new Shot(40);
    for (const frame of [5, 15, 25, 35]) shot.anchor(HERO, frame, mask(frame)).anchor(DOG, frame, mask(frame + 1));
    settle(shot, shot.plan(engine));
    shot.anchor(HERO, 15, mask(99));
    expect(stale(shot.plan(engine))).toEqual(['hero 5-15 9', 'hero 15-25 9']);
    settle(shot, shot.plan(engine));
    shot.anchor(HERO, 20, mask(98));
    expect(stale(shot.plan(engine))).toEqual(['hero 15-20 4', 'hero 20-25 4']);
    settle(shot, shot.plan(engine));
    shot.anchors.get(HERO)?.delete(25);
    expect(stale(shot.plan(engine))).toEqual(['hero 20-35 14']);
    settle(shot, shot.plan(engine));
    shot.anchors.get(HERO)?.delete(35);
    expect(stale(shot.plan(engine))).toEqual(['hero 20- 19']);
  });

  it('re-tracks everything when the engine or what it is made of changes, and does not mind the order of its facts', () => {
    const shot = new Shot(10).anchor(HERO, 3, mask(1));
    const made = scriptedEngine({ provenance: { a: 1, b: 'x' } });
    settle(shot, shot.plan(made));
    expect(shot.plan(scriptedEngine({ provenance: { b: 'x', a: 1 } })).frames).toBe(0);
    expect(shot.plan(scriptedEngine({ provenance: { a: 2, b: 'x' } })).frames).toBe(9);
    expect(shot.plan(scriptedEngine({ name: 'other', provenance: { a: 1, b: 'x' } })).frames).toBe(9);
    expect(shot.plan(made, { overlap: 'allowed' }).frames).toBe(9);
  });

  it('keeps what is there when more of the clip is asked for', () => {
    const shot = new Shot(20).anchor(HERO, 5, mask(1));
    settle(shot, shot.plan(engine, { range: frameRange(3, 10) }));
    const more = shot.plan(engine);
    expect(stale(more)).toEqual(['hero -5 3', 'hero 5- 10']);
    expect(more.steps.map((s) => [s.forwardTo, s.backwardTo])).toEqual([
      [undefined, at(0)],
      [at(19), undefined],
    ]);
  });

  it('starts from anchors outside the range and walks no farther than the range needs', () => {
    const shot = new Shot(100).anchor(HERO, 10, mask(1)).anchor(HERO, 60, mask(2));
    const plan = shot.plan(engine, { range: frameRange(30, 40) });
    expect(stale(plan)).toEqual(['hero 10-60 10']);
    expect(plan.steps[0]).toMatchObject({ forwardTo: 39, backwardTo: 30 });
    expect(plan.walked).toBe(29 + 30);
  });

  it('names the objects nobody has pointed at yet', () => {
    const shot = new Shot(10).anchor(HERO, 3, mask(1));
    shot.anchors.set(DOG, new Map());
    expect(shot.plan(engine).unanchored).toEqual([DOG]);
  });

  it('refuses two anchors on one frame and an object that comes twice', () => {
    const request = new Shot(10).anchor(HERO, 3, mask(1)).request(engine);
    const [hero] = request.objects;
    const twice = { ...hero, anchors: [...hero.anchors, ...hero.anchors] };
    expect(() => planTracking({ ...request, objects: [twice] })).toThrow(/two anchors on frame index 3/);
    expect(() => planTracking({ ...request, objects: [hero, hero] })).toThrow(/hero is to be tracked twice/);
  });
});
