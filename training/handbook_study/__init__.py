"""The Handbook's protocol on its data, test material that never enters the repository: how good, and what coarse rings cost."""
