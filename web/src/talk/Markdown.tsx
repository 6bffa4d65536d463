import ReactMarkdown, { type Components } from "react-markdown"
import remarkGfm from "remark-gfm"

import classes from "./talk.module.css"

/** Pictures from elsewhere would tell strangers who reads; the text in their place stays. */
const COMPONENTS: Components = {
  img: ({ alt }) => <em>{alt}</em>,
  a: ({ href, children }) => (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  ),
}

/** Markdown as people write it; HTML in it is text like any other, and links lead to web addresses only. */
export function Markdown({ text }: { text: string }) {
  return (
    <div className={classes.markdown}>
      <ReactMarkdown remarkPlugins={[remarkGfm]} components={COMPONENTS}>
        {text}
      </ReactMarkdown>
    </div>
  )
}
