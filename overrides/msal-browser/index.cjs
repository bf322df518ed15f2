module.exports = require("../left-out.cjs")("@azure/msal-browser");
