import base, { allowTestDoubles } from '../../eslint.config.mjs';

export default [...base, allowTestDoubles];
