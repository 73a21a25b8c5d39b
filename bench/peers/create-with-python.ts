import { writeWithPython } from "../python-package.js";

writeWithPython("create");
