"""The cheapest additions that let every school and every coefficient of a district pass."""
