/** Ready to paste: the same question in three languages, with the real address. */

export interface Snippet {
  name: string
  code: string
}

export function snippets(url: string): Snippet[] {
  return [
    { name: "curl", code: `curl -H "Authorization: Bearer YOUR_TOKEN" \\\n  -F file=@picture.jpg \\\n  ${url}` },
    {
      name: "Python",
      code: [
        "import httpx",
        "",
        'with open("picture.jpg", "rb") as picture:',
        `    answer = httpx.post("${url}",`,
        '                        headers={"Authorization": "Bearer YOUR_TOKEN"},',
        '                        files={"file": picture}).raise_for_status().json()',
        "",
        'best = answer["predictions"][0]',
        'print("ask a person" if answer["undecided"] else best["class"], best["score"])',
      ].join("\n"),
    },
    {
      name: "JavaScript",
      code: [
        'const file = document.querySelector("input[type=file]").files[0]',
        `const reply = await fetch("${url}", {`,
        '  method: "POST",',
        '  headers: { Authorization: "Bearer YOUR_TOKEN" },',
        "  body: file,",
        "})",
        "const { predictions, undecided } = await reply.json()",
        'console.log(undecided ? "ask a person" : predictions[0].class, predictions[0].score)',
      ].join("\n"),
    },
  ]
}
