import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { cruise } from 'dependency-cruiser'
import { BESIDE, LAYER_RULES } from './layer-rules.ts'

interface LayerReport {
  readonly modules: number
  /** Source files that were read. Fewer than there are means that nothing was checked. */
  readonly sources: number
  readonly violations: readonly { readonly rule: string; readonly from: string; readonly to: string }[]
}

/** Holds `<root>/src`, and what stands beside it, to the rules in layer-rules.ts. */
export async function checkLayers(root: string): Promise<LayerReport> {
  const folders = ['src', ...BESIDE].filter((folder) => existsSync(join(root, folder)))
  const { output } = await cruise(folders, {
    baseDir: root,
    // With TypeScript 7 alone dependency-cruiser reads no module and finds nothing wrong.
    parser: 'swc',
    tsPreCompilationDeps: true,
    validate: true,
    ruleSet: { forbidden: LAYER_RULES },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.js', '.mjs'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
    },
  })
  if (typeof output === 'string') throw new Error(output)
  const sources = output.modules.filter(({ source }) => source.startsWith('src/')).length
  assertAllRead(root, sources)
  const violations = output.summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to }))
  return { modules: output.modules.length, sources, violations }
}

function assertAllRead(root: string, sources: number): void {
  const files = readdirSync(join(root, 'src'), { recursive: true }).filter((name) =>
    /\.tsx?$/.test(String(name)),
  )
  if (sources < files.length)
    throw new Error(`read ${sources} of ${files.length} source files: the check is blind`)
}
