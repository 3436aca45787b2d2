import base from '../eslint.config.mjs';

export default [...base, { files: ['**/*.ts', '**/*.mjs'], rules: { 'no-console': 'off' } }];
