/** Every unit and contract spec in one jest process, one summary: npm run unit */
module.exports = {
  projects: ['<rootDir>/apps/api', '<rootDir>/apps/web', '<rootDir>/apps/simulator', '<rootDir>/libs/*', '<rootDir>/tools'],
};
