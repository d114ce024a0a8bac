// Signing in: the button is pressed once, and says so.

const form = document.getElementById("login-form");
const button = form.querySelector("[type=submit]");

form.addEventListener("submit", () => {
  button.disabled = true;
  button.textContent = "Signing in…";
});
// Coming back by the history shows the page as it was left.
addEventListener("pageshow", () => {
  button.disabled = false;
  button.textContent = "Sign in";
});
