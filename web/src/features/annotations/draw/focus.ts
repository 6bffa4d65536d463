/** Where the keyboard is on the drawing page. */

/** Keys draw again. */
export function focusPicture(): void {
  document.querySelector<HTMLElement>("[data-testid=surface] > [tabindex]")?.focus()
}

/** Keys set values of what is selected, or of the picture. */
export function focusValues(): void {
  document.querySelector<HTMLElement>("[data-testid=values] :is(select, input)")?.focus()
}
