const { TestEnvironment } = require("jest-environment-node");
const { withFirstFailure } = require("./first-failure.cjs");

module.exports = withFirstFailure(TestEnvironment);
