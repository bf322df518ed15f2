module.exports = require("../left-out.cjs")("openai");
