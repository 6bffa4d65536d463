/** Where the keyboard is on the drawing page. */

const picture = () => document.querySelector<HTMLElement>("[data-testid=surface] > [tabindex]")

export const hasPictureFocus = (): boolean => document.activeElement !== null && document.activeElement === picture()

/** Keys draw again. */
export function focusPicture(): void {
  picture()?.focus()
}

/** Keys set values of what is selected, or of the picture. */
export function focusValues(): void {
  document.querySelector<HTMLElement>("[data-testid=values] :is(select, input)")?.focus()
}
