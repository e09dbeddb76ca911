import { registerHooks } from 'node:module';

// Node strips the types but does not map `./x.js`, the ending that tsc asks for, to `./x.ts`.
registerHooks({
  resolve(specifier, context, next) {
    const ours = context.parentURL?.endsWith('.ts') === true && /^\.\.?\//.test(specifier);
    return next(ours ? specifier.replace(/\.js$/, '.ts') : specifier, context);
  },
});
