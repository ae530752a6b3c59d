import { signal } from '@preact/signals'

const KEPT_AS = 'agent-memory-theme'
export const THEMES = ['system', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

export const theme = signal<Theme>(kept())
/** Moves when the colours have: what is drawn on a canvas is drawn anew. */
export const colours = signal(0)

export function startTheme(): void {
  show()
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    colours.value++
  })
}

export function setTheme(chosen: Theme): void {
  theme.value = chosen
  localStorage.setItem(KEPT_AS, chosen)
  show()
}

function kept(): Theme {
  const text = localStorage.getItem(KEPT_AS)
  return THEMES.find((known) => known === text) ?? 'system'
}

function show(): void {
  document.documentElement.dataset['theme'] = theme.value
  colours.value++
}
