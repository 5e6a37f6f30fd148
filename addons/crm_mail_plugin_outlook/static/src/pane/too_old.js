// Run only where modules are not: this is written for browsers of long ago.
document.addEventListener("DOMContentLoaded", function () {
    document.getElementById("too_old").hidden = false;
});
