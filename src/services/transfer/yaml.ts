// Loaded where it is needed. The package is a CommonJS one: in a bundle only a module between has its names.
export { parse, stringify } from 'yaml'
