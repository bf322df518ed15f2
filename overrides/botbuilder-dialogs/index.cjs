module.exports = require("../left-out.cjs")("botbuilder-dialogs");
