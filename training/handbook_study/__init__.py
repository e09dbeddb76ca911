"""How much coarse rings cost, measured on the Fraud Detection Handbook's data: test material that never enters the repository."""
