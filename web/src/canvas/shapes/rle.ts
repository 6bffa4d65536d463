/** COCO's compressed run lengths: pixels column by column, runs of off and on in turn, five bits a character. */

const FIRST = 48

export function toRuns(counts: string): number[] {
  const runs: number[] = []
  for (let at = 0; at < counts.length; ) {
    let value = 0
    let shift = 0
    let goesOn = true
    while (goesOn) {
      const code = counts.charCodeAt(at++) - FIRST
      goesOn = (code & 0x20) !== 0
      value |= (code & 0x1f) << shift
      shift += 5
      if (!goesOn && (code & 0x10) !== 0) value |= -1 << shift
      if (at > counts.length) throw new Error("The run lengths end too early.")
    }
    runs.push(runs.length > 2 ? value + (runs.at(-2) ?? 0) : value)
  }
  return runs
}

export function fromRuns(runs: readonly number[]): string {
  let text = ""
  runs.forEach((run, i) => {
    let value = i > 2 ? run - (runs[i - 2] ?? 0) : run
    let goesOn = true
    while (goesOn) {
      let code = value & 0x1f
      value >>= 5
      goesOn = (code & 0x10) !== 0 ? value !== -1 : value !== 0
      if (goesOn) code |= 0x20
      text += String.fromCharCode(code + FIRST)
    }
  })
  return text
}

/** Where runs end, column by column: even entries end what is off, odd ones what is on. */
export function toEnds(counts: string): Uint32Array {
  const ends = Uint32Array.from(toRuns(counts))
  for (let i = 1; i < ends.length; i++) ends[i] = (ends[i] ?? 0) + (ends[i - 1] ?? 0)
  return ends
}

/** Whether the pixel at place `k`, counted column by column, is on. */
export function isOn(ends: Uint32Array, k: number): boolean {
  let [low, high] = [0, ends.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((ends[middle] ?? 0) <= k) low = middle + 1
    else high = middle
  }
  return low < ends.length && low % 2 === 1
}

/** Calls `each` for every stretch of pixels that are on within one column: x, first y, y after the last. */
export function stretches(ends: Uint32Array, height: number, each: (x: number, from: number, to: number) => void): void {
  for (let i = 1; i < ends.length; i += 2) {
    const end = ends[i] ?? 0
    for (let k = ends[i - 1] ?? 0; k < end; ) {
      const x = Math.floor(k / height)
      const next = Math.min(end, (x + 1) * height)
      each(x, k - x * height, next - x * height)
      k = next
    }
  }
}

/** Pixels row by row, 1 where the mask is on. */
export function decode(counts: string, width: number, height: number): Uint8Array {
  const pixels = new Uint8Array(width * height)
  stretches(toEnds(counts), height, (x, from, to) => {
    for (let y = from; y < to; y++) pixels[y * width + x] = 1
  })
  return pixels
}

export function encode(pixels: Uint8Array, width: number, height: number): string {
  const runs: number[] = []
  let [last, length] = [0, 0]
  for (let x = 0; x < width; x++) {
    for (let y = 0; y < height; y++) {
      const value = pixels[y * width + x] ?? 0
      if (value !== last) {
        runs.push(length)
        ;[last, length] = [value, 0]
      }
      length += 1
    }
  }
  return fromRuns([...runs, length])
}
