import { type ComponentChildren, options, type VNode } from 'preact'
import { visibleText } from '../../domain/text/visible-text.ts'

const ATTRIBUTES = ['title', 'aria-label'] as const
/** Most texts have nothing but these. */
const PLAIN = /^[\x20-\x7e\n\r\t]*$/

/**
 * From now on every text that is shown has its hidden characters spelled out, as models read it: one that turns the direction of
 * writing would make the words beside it say something else. What is edited in a field stays as it is.
 */
export function spellHidden(): void {
  const before = options.vnode
  options.vnode = (vnode) => {
    spellIn(vnode.props)
    before?.(vnode)
  }
}

function spellIn(props: VNode['props'] & { [name: string]: unknown }): void {
  if (props.children !== undefined) props.children = spelled(props.children)
  for (const name of ATTRIBUTES) {
    const text = props[name]
    if (typeof text === 'string') props[name] = shown(text)
  }
}

function spelled(children: ComponentChildren): ComponentChildren {
  if (typeof children === 'string') return shown(children)
  return Array.isArray(children) ? children.map(spelled) : children
}

function shown(text: string): string {
  return PLAIN.test(text) ? text : visibleText(text)
}
