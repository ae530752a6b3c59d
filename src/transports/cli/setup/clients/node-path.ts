import { realpath } from 'node:fs/promises'

/** Homebrew keeps each version in a folder of its own, gone after an upgrade; its `opt` link to the same file stays. */
export async function stableNodePath(nodePath: string): Promise<string> {
  const [, prefix, formula] = /^(.+)\/Cellar\/(node(?:@\d+)?)\/[^/]+\/bin\/node$/.exec(nodePath) ?? []
  if (prefix === undefined || formula === undefined) return nodePath
  const link = `${prefix}/opt/${formula}/bin/node`
  const isSame = await realpath(link).then(
    async (path) => path === (await realpath(nodePath)),
    () => false,
  )
  return isSame ? link : nodePath
}
