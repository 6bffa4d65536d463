/** A skeleton while somebody edits it: points keep their identity, whatever happens to their names and places. */

import type { Schemas } from "../../../../api/client"

export type Skeleton = Schemas["Skeleton"]

export interface Joint {
  /** Where it was in the skeleton that the class has; null for a new one. */
  was: number | null
  name: string
  /** On the drawing, 0 to 1. */
  x: number
  y: number
}

export interface Draft {
  joints: readonly Joint[]
  /** Pairs of places in `joints`. */
  edges: readonly (readonly [number, number])[]
  pairs: readonly (readonly [number, number])[]
}

export const MOST = 100

/** On a circle, where nobody has said where points lie. */
function onCircle(at: number, count: number): { x: number; y: number } {
  const angle = (2 * Math.PI * at) / Math.max(count, 1) - Math.PI / 2
  return { x: round(0.5 + 0.38 * Math.cos(angle)), y: round(0.5 + 0.38 * Math.sin(angle)) }
}

const round = (value: number) => Math.round(Math.min(Math.max(value, 0), 1) * 1000) / 1000

const links = (from: number[][] | undefined) => (from ?? []).map(([a, b]) => [a ?? 0, b ?? 0] as const)

/** `isPresent`: it is the one that the class has, so that its points are there already. */
export function draftOf(skeleton: Skeleton | null, isPresent: boolean): Draft {
  const names = skeleton?.points ?? []
  const joints = names.map((name, at) => {
    const [x, y] = skeleton?.layout?.[at] ?? []
    return { name, was: isPresent ? at : null, ...(x === undefined || y === undefined ? onCircle(at, names.length) : { x, y }) }
  })
  return { joints, edges: links(skeleton?.edges), pairs: links(skeleton?.pairs) }
}

/** A preset in place of what there is; points of the same name are the same points. */
export function replaced(draft: Draft, skeleton: Skeleton): Draft {
  const was = new Map(draft.joints.map((joint) => [joint.name.toLowerCase(), joint.was]))
  const next = draftOf(skeleton, false)
  return { ...next, joints: next.joints.map((joint) => ({ ...joint, was: was.get(joint.name.toLowerCase()) ?? null })) }
}

export function withJoint(draft: Draft, x?: number, y?: number): Draft {
  const count = draft.joints.length
  if (count >= MOST) return draft
  const taken = new Set(draft.joints.map(({ name }) => name.toLowerCase()))
  let number = count + 1
  while (taken.has(`point ${number}`)) number += 1
  const place = x === undefined || y === undefined ? onCircle(count, count + 1) : { x: round(x), y: round(y) }
  return { ...draft, joints: [...draft.joints, { was: null, name: `point ${number}`, ...place }] }
}

export function withoutJoint(draft: Draft, gone: number): Draft {
  const shift = (at: number) => (at > gone ? at - 1 : at)
  const rest = (list: Draft["edges"]) => list.filter(([a, b]) => a !== gone && b !== gone).map(([a, b]) => [shift(a), shift(b)] as const)
  return { joints: draft.joints.filter((_, at) => at !== gone), edges: rest(draft.edges), pairs: rest(draft.pairs) }
}

export function changed(draft: Draft, at: number, change: Partial<Pick<Joint, "name" | "x" | "y">>): Draft {
  const place = { ...(change.x === undefined ? {} : { x: round(change.x) }), ...(change.y === undefined ? {} : { y: round(change.y) }) }
  return { ...draft, joints: draft.joints.map((joint, index) => (index === at ? { ...joint, ...change, ...place } : joint)) }
}

/** Two neighbours in the order in which points are set change places. */
export function moved(draft: Draft, at: number, step: 1 | -1): Draft {
  const to = at + step
  const [one, other] = [draft.joints[at], draft.joints[to]]
  if (!one || !other) return draft
  const swap = (place: number) => (place === at ? to : place === to ? at : place)
  const rest = (list: Draft["edges"]) => list.map(([a, b]) => [swap(a), swap(b)] as const)
  return { joints: draft.joints.map((joint, index) => (index === at ? other : index === to ? one : joint)), edges: rest(draft.edges), pairs: rest(draft.pairs) }
}

const isLink = ([a, b]: readonly [number, number], one: number, other: number) => (a === one && b === other) || (a === other && b === one)

export function joined(draft: Draft, at: number): number[] {
  return draft.edges.filter((edge) => edge.includes(at)).map(([a, b]) => (a === at ? b : a))
}

export function withEdge(draft: Draft, one: number, other: number): Draft {
  if (one === other) return draft
  const rest = draft.edges.filter((edge) => !isLink(edge, one, other))
  return { ...draft, edges: rest.length < draft.edges.length ? rest : [...rest, [one, other]] }
}

export function partner(draft: Draft, at: number): number | null {
  const pair = draft.pairs.find((entry) => entry.includes(at))
  return pair ? (pair[0] === at ? pair[1] : pair[0]) : null
}

export function withPair(draft: Draft, one: number, other: number | null): Draft {
  const rest = draft.pairs.filter((pair) => !pair.includes(one) && (other === null || !pair.includes(other)))
  return { ...draft, pairs: other === null || other === one ? rest : [...rest, [one, other]] }
}

/** What keeps it from being saved: places of points without a name of their own. */
export function faulty(draft: Draft): Set<number> {
  const names = draft.joints.map(({ name }) => name.trim().toLowerCase())
  return new Set(names.flatMap((name, at) => (name === "" || names.indexOf(name) !== at ? [at] : [])))
}

export function bodyOf(draft: Draft): Schemas["SkeletonPut"] {
  const pairs = (list: Draft["edges"]) => list.map((link) => [...link])
  const skeleton = { points: draft.joints.map(({ name }) => name.trim()), edges: pairs(draft.edges), pairs: pairs(draft.pairs), layout: draft.joints.map(({ x, y }) => [x, y]) }
  return draft.joints.length === 0 ? { skeleton: null } : { skeleton, was: draft.joints.map(({ was }) => was) }
}

/** Whether objects that have points already get other ones. */
export function touchesObjects(draft: Draft, before: Skeleton | null): boolean {
  if (!before || draft.joints.length === 0) return false
  return draft.joints.length !== before.points.length || draft.joints.some(({ was }, at) => was !== at)
}
