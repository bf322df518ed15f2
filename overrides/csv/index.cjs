module.exports = require("../left-out.cjs")("csv");
