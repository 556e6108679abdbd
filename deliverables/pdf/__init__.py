"""Documents as PDF/A, by LibreOffice: processes that stay, each document told apart."""
