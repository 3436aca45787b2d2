import playwright from 'eslint-plugin-playwright';
import base, { allowTestDoubles } from '../../eslint.config.mjs';

export default [playwright.configs['flat/recommended'], ...base, allowTestDoubles];
