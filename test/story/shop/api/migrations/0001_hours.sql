CREATE TABLE hours (
  place integer PRIMARY KEY,
  day text NOT NULL,
  hours text NOT NULL
);
INSERT INTO hours VALUES (1, 'Monday to Friday', '8 to 18'), (2, 'Saturday', '9 to 13');
