import playwright from 'eslint-plugin-playwright';
import base from '../../eslint.config.mjs';

export default [playwright.configs['flat/recommended'], ...base];
