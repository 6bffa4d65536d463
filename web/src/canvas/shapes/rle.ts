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

/** Pixels row by row, 1 where the mask is on. */
export function decode(counts: string, width: number, height: number): Uint8Array {
  const pixels = new Uint8Array(width * height)
  let at = 0
  toRuns(counts).forEach((run, i) => {
    if (i % 2 === 1) for (let k = at; k < at + run; k++) pixels[(k % height) * width + Math.floor(k / height)] = 1
    at += run
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
