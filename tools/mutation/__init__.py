"""How strong the tests are: small faults are planted, and the tests have to find them."""
