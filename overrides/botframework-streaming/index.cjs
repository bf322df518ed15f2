module.exports = require("../left-out.cjs")("botframework-streaming");
