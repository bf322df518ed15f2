module.exports = require("../left-out.cjs")("gpt-tokenizer");
