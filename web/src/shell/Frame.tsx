import { useRouterState } from "@tanstack/react-router"
import { useEffect, useRef, type ReactNode } from "react"

import { Rail } from "./Rail"
import styles from "./shell.module.css"
import { strings } from "./strings"


/** The rail on the left and the page beside it. */
export function Frame({ projectId, children, isLive = true }: { projectId?: string; children: ReactNode; isLive?: boolean }) {
  const main = useRef<HTMLElement>(null)
  const pathname = useRouterState({ select: (state) => state.location.pathname })
  useEffect(() => {
    main.current?.scrollTo(0, 0) // Returns a promise in newer browsers, which is no clean-up.
  }, [pathname])
  return (
    <div className={styles.frame}>
      <a className={styles.skip} href="#main">
        {strings.skip}
      </a>
      <Rail projectId={projectId} isLive={isLive} />
      <main className={styles.main} id="main" ref={main} tabIndex={-1}>
        {children}
      </main>
    </div>
  )
}

/** A page before the door: one card in the middle. */
export function Outside({ children }: { children: ReactNode }) {
  return <main className={styles.outside}>{children}</main>
}
