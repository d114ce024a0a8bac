// On pages without a socket: the status menu by itself.
import { startStatusMenu } from "./status_menu.js";

startStatusMenu();
