"""Being someone: users and sign-in. Tables: users, sign_ins."""
