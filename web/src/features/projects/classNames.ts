/** Class names out of whatever was typed or pasted: one a line, or between commas; doubles and blanks fall out. */
export function splitNames(text: string): string[] {
  const seen = new Set<string>()
  return text
    .split(/[\n,;\t]/)
    .map((name) => name.trim().replace(/\s+/g, " "))
    .filter((name) => name !== "" && !seen.has(name.toLowerCase()) && seen.add(name.toLowerCase()))
}
