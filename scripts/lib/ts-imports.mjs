import { registerHooks } from 'node:module';

// Node strips the types but does not map `./x.js`, the ending that tsc asks for, to `./x.ts`; and it knows nothing of the
// names of this project's libraries, which are taken as they are built.
registerHooks({
  resolve(specifier, context, next) {
    if (context.parentURL?.endsWith('.ts') !== true) return next(specifier, context);
    const library = /^@fraud\/(\w+)$/.exec(specifier);
    if (library !== null)
      return next(new URL(`../../dist/libs/${library[1]}/src/index.js`, import.meta.url).href, context);
    const ours = /^\.\.?\//.test(specifier);
    return next(ours ? specifier.replace(/\.js$/, '.ts') : specifier, context);
  },
});
