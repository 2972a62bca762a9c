"""Reading: any catalogue (Hub data set, folder, table, shop export, feed) as a row of products."""
